// @ts-check
const fs = require("node:fs");
const path = require("node:path");
const { setTimeout: sleep } = require("node:timers/promises");

/** @type {NodeJS.Signals[]} */
const signals = ["SIGINT", "SIGTERM"];
const beat = 2_000;
const dead = 20_000; // a holder that was killed stops touching its lock; process ids would not tell, across containers

/**
 * Does `work` while no other process does work under the same lock. `waits` is called once if another one holds it.
 * @template T
 * @param {string} lock a path; its folder is made
 * @param {() => Promise<T>} work
 * @param {() => void} [waits]
 * @returns {Promise<T>}
 */
async function alone(lock, work, waits = () => {}) {
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  for (let told = false; !take(lock); told = true) {
    if (!told) waits();
    await sleep(250);
  }
  const heart = setInterval(() => touch(lock), beat);
  const free = () => fs.rmSync(lock, { recursive: true, force: true });
  /** @param {NodeJS.Signals} signal */
  const interrupted = (signal) => {
    free();
    process.off(signal, interrupted);
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, interrupted);
  try {
    return await work();
  } finally {
    clearInterval(heart);
    for (const signal of signals) process.off(signal, interrupted);
    free();
  }
}

/** @param {string} lock */
function take(lock) {
  try {
    fs.mkdirSync(lock);
    return true;
  } catch (error) {
    // Windows says EPERM while the folder of the last holder is still being deleted
    if (!["EEXIST", "EPERM"].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? "")) throw error;
  }
  const touched = fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  if (Date.now() - touched > dead) fs.rmSync(lock, { recursive: true, force: true });
  return false;
}

/** @param {string} lock */
function touch(lock) {
  const now = new Date();
  try {
    fs.utimesSync(lock, now, now);
  } catch {
    // taken from us while this machine slept: the work goes on, and ends in a rename that bears two
  }
}

module.exports = { alone };
