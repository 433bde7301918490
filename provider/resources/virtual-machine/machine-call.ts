/** The cmdlets that change a machine take a name, which others may share, or this object. */
export const machineCall = (id: string) => ({ cmdlet: "Get-VM", parameters: { Id: id }, as: "vm" }) as const;
