import { get as find } from "./index";

/** The provider of a kind, as the state of every stack finds it; for no program. Its own types would need newer compilers. */
export const get: (kind: string) => object = find;
