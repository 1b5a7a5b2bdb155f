// Validates every mail template strictly: mrml, which compiles them in the service, takes what it doesn't know.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import mjml2html from "mjml";

const templates = join(dirname(fileURLToPath(import.meta.url)), "../../email_templates");
const read = (path) =>
  readFileSync(join(templates, path), "utf8").replace(/<mj-include path="([^"]+)" \/>/g, (_, part) => read(part));

let checked = 0;
for (const folder of readdirSync(templates)) {
  const path = join(folder, "body.mjml");
  if (!existsSync(join(templates, path))) continue;
  try {
    await mjml2html(read(path), { validationLevel: "strict" });
    checked += 1;
  } catch (error) {
    console.error(`email_templates/${path}: ${error.message}`);
    process.exitCode = 1;
  }
}
if (checked === 0) process.exitCode = 1;
