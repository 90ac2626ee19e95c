import { minutes } from "./minutes.js";

export default function (config) {
  config.addFilter("minutes", minutes);
  return {
    dir: { input: "pages", output: "out" },
  };
}
