// Starts the Slack emulator on a free port and prints its address. The first argument is the folder that it is
// installed in, the second where it sends signed events to, the third its seed as JSON.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, events, seed] = process.argv.slice(2);
const dist = join(folder, "node_modules", "emulate", "dist");
const load = (file) => import(pathToFileURL(join(dist, file)).href);

// It has no setting for where events go, but a register of its own for that, which its Slack part is handed.
const file = readdirSync(dist).find(
  (name) => name.endsWith(".js") && readFileSync(join(dist, name), "utf-8").includes("var slackPlugin = {"),
);
const { slackPlugin } = await load(file);
const register = slackPlugin.register;
slackPlugin.register = (app, store, webhooks, ...rest) => {
  webhooks.register({ owner: "slack", url: events, events: ["*"], active: true });
  return register.call(slackPlugin, app, store, webhooks, ...rest);
};

const { createEmulator } = await load("api.js");
const emulator = await createEmulator({ service: "slack", port: 0, seed: { slack: JSON.parse(seed) } });
console.log(emulator.url);
