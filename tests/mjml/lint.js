// Validates every mail template strictly: mrml, which compiles them in the service, takes what it doesn't know.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import mjml2html from "mjml";

const templates = join(dirname(fileURLToPath(import.meta.url)), "../../email_templates");
const read = (path) =>
  readFileSync(join(templates, path), "utf8").replace(/<mj-include path="([^"]+)" \/>/g, (_, part) => read(part));
// As service/mail/render/templates.py: colours of the design system, and the sides where lines begin and end.
const styled = (mjml, start, end, direction) =>
  mjml
    .replace(/@(brand|(?:light|dark)\.[a-z_]+)/g, "#123456")
    .replace(/@start/g, start)
    .replace(/@end/g, end)
    .replace(/@direction/g, direction);

let checked = 0;
for (const folder of readdirSync(templates)) {
  const path = join(folder, "body.mjml");
  if (!existsSync(join(templates, path))) continue;
  try {
    for (const sides of [["left", "right", "ltr"], ["right", "left", "rtl"]]) {
      await mjml2html(styled(read(path), ...sides), { validationLevel: "strict" });
    }
    checked += 1;
  } catch (error) {
    console.error(`email_templates/${path}: ${error.message}`);
    process.exitCode = 1;
  }
}
console.log(`${checked} mails are valid MJML`);
if (checked === 0) process.exitCode = 1;
