// Posts one event with the official JavaScript libraries: node post.js URL SECRET MODE SIGNER, the event on stdin.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { CloudEvent, HTTP } from "cloudevents";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

const [url, secret, mode, signer] = process.argv.slice(2);
const { data, ...attributes } = JSON.parse(readFileSync(0, "utf8"));

const event =
  mode === "bytes"
    ? new CloudEvent({ ...attributes, data_base64: Buffer.from(JSON.stringify(data)).toString("base64") })
    : new CloudEvent({ ...attributes, data, datacontenttype: "application/json" });
const message =
  mode === "batch"
    ? { headers: { "content-type": "application/cloudevents-batch+json" }, body: JSON.stringify([event]) }
    : mode === "binary"
      ? HTTP.binary(event)
      : HTTP.structured(event);

const [Webhook, prefix] = signer === "svix" ? [SvixWebhook, "svix"] : [StandardWebhook, "webhook"];
const id = `msg_${crypto.randomUUID()}`;
const at = new Date();
const headers = {
  ...message.headers,
  [`${prefix}-id`]: id,
  [`${prefix}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
  [`${prefix}-signature`]: new Webhook(secret).sign(id, at, message.body),
};
if (mode === "compressed") headers["content-encoding"] = "gzip";
const body = mode === "compressed" ? gzipSync(message.body) : message.body;
const answer = await fetch(url, { method: "POST", headers, body });
console.log(JSON.stringify([answer.status, await answer.json()]));
