import { execFileSync } from "node:child_process";

export const version = () => execFileSync("git", ["--version"], { encoding: "utf8" }).trim();
