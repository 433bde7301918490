/**
 * Dynamic quorum, a Windows Server's default: nodes are counted out as they leave, so one after the other may, and the votes
 * stay odd. Of two halves the one that lives goes on: the vote that was taken from a node (or is the witness's) was not its.
 */
export function hasQuorum(voters: readonly string[], alive: readonly string[]): boolean {
  const votes = voters.filter((voter) => alive.includes(voter)).length;
  return votes > 0 && 2 * votes >= voters.length;
}
