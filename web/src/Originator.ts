/** Who caused an event. JsSIP's types call it an enum that its code does not have; the values are `local`, `remote`, `system`. */
export const isRemote = (originator: string): boolean => originator === "remote";
