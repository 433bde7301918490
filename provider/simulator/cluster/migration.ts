/** How a running machine goes to another node; one that does not run goes as it is. */
export type Migration = "TurnOff" | "Quick" | "Shutdown" | "ShutdownForce" | "Live";
