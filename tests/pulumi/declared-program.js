// Resources that program.json declares as data: what a test asks for, and nothing else.
const fs = require("node:fs");
const hyperv = require("pulumi-hyperv");
const pulumi = require("@pulumi/pulumi");

const made = {};

function resolve(value) {
  if (Array.isArray(value)) return value.map(resolve);
  if (value === null || typeof value !== "object") return value;
  if ("$of" in value) return made[value.$of][value.property];
  if ("$secret" in value) return pulumi.secret(value.$secret);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
}

for (const { kind, name, args, provider, get, dependsOn, options } of JSON.parse(
  fs.readFileSync("program.json", "utf8"),
)) {
  const opts = {
    ...options,
    ...(provider && { provider: made[provider] }),
    ...(dependsOn && { dependsOn: dependsOn.map((other) => made[other]) }),
  };
  made[name] =
    get === undefined ? new hyperv[kind](name, resolve(args ?? {}), opts) : hyperv[kind].get(name, get, opts);
}

for (const [name, resource] of Object.entries(made)) exports[name] = resource.id;
