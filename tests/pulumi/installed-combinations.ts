/** Package managers, each with the version that is tried. */
export const managers = {
  npm: "11",
  pnpm: "12",
  "yarn classic": "1",
  "yarn berry": "4",
  bun: "1",
} as const;

export type Manager = keyof typeof managers;
export type Node = 20 | 22 | 24;
export type Modules =
  | "TypeScript, CommonJS"
  | "TypeScript, ES module"
  | "JavaScript, CommonJS"
  | "JavaScript, ES module";

export interface Combination {
  manager: Manager;
  modules: Modules;
  node: Node;
  /** What the program needs beside this package and Pulumi's SDK. */
  adds: string[];
  /** What its installation needs. */
  flags: string[];
}

/** No two values stand in two of them together, and each value in two or more. */
export const combinations: Combination[] = [
  { manager: "npm", modules: "TypeScript, CommonJS", node: 20, adds: [], flags: [] },
  { manager: "npm", modules: "TypeScript, ES module", node: 24, adds: [], flags: [] },
  { manager: "pnpm", modules: "TypeScript, CommonJS", node: 22, adds: [], flags: ["--ignore-scripts"] },
  { manager: "pnpm", modules: "JavaScript, CommonJS", node: 20, adds: [], flags: ["--ignore-scripts"] },
  { manager: "yarn classic", modules: "TypeScript, ES module", node: 22, adds: [], flags: [] },
  { manager: "yarn classic", modules: "JavaScript, CommonJS", node: 24, adds: [], flags: [] },
  { manager: "yarn berry", modules: "TypeScript, CommonJS", node: 24, adds: [], flags: [] },
  { manager: "yarn berry", modules: "JavaScript, ES module", node: 22, adds: [], flags: [] },
  { manager: "bun", modules: "TypeScript, ES module", node: 20, adds: ["ts-node@10", "typescript@5"], flags: [] },
  { manager: "bun", modules: "JavaScript, ES module", node: 24, adds: [], flags: [] },
];
