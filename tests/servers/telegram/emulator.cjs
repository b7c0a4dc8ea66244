// Starts the Bot API emulator on the port that the second argument names; the first is the folder it is installed in.
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [folder, port] = process.argv.slice(2);
const emulator = createRequire(join(folder, "package.json"))("telegram-test-api");
const TelegramServer = emulator.default ?? emulator.TelegramServer ?? emulator;
const server = new TelegramServer({ port: Number(port), host: "127.0.0.1" });
server.start().then(() => console.log(server.config.apiURL));
