#!/usr/bin/env node
"use strict";
// Starts the program of this platform's package, which npm installed beside this one.
const { spawn } = require("node:child_process");

const name = `dockgen-${process.platform}-${process.arch}`;
let file;
try {
  file = require.resolve(`${name}/bin/dockgen${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(`dockgen: the package ${name} is not installed`);
  console.error("hint: install without --omit=optional and --no-optional; where there is no such package, https://github.com/dockgen/dockgen has other ways to install");
  process.exit(1);
}

const child = spawn(file, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal)); // the program decides when it ends
}
child.on("error", (err) => {
  console.error(`dockgen: ${err.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    return;
  }
  process.exit(code);
});
