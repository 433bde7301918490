import Table from "cli-table3";
import pc from "picocolors";
import { sizeText } from "../provider/schema";
import type { Machine, World } from "../provider/simulator/world/world";
import { shown } from "../provider/text/shown";

/** Everything that a person asks of a world first, as tables. */
export function worldTables(world: World): string {
  const where = (node: string) => (world.nodes.length > 1 ? [node] : []);
  const node = world.nodes.length > 1 ? ["Node"] : [];
  const all = <T>(items: (node: World["nodes"][number]) => readonly T[]) =>
    world.nodes.flatMap((owner) => items(owner).map((item) => ({ node: owner, item })));
  const roles = new Map((world.cluster?.groups ?? []).map((group) => [group.vmId, group]));
  const sections = [
    section(
      world.cluster ? `Cluster ${world.cluster.name}` : "Hosts",
      ["Node", "State", "Processors", "Memory", "Network adapters", "Machines running"],
      world.nodes.map((owner) => [
        owner.name,
        stateOf(world, owner.name),
        owner.logicalProcessors,
        sizeText(owner.memoryBytes),
        owner.netAdapters.map(({ name }) => name).join(", "),
        `${owner.machines.filter(({ state }) => state === "Running").length} of ${owner.machines.length}`,
      ]),
    ),
    section(
      "Switches",
      ["Name", ...node, "Type", "Adapters", "Notes"],
      all((owner) => owner.switches).map(({ node: owner, item }) => [
        item.name,
        ...where(owner.name),
        item.type,
        owner.netAdapters
          .filter(({ interfaceGuid }) => item.netAdapterGuids.includes(interfaceGuid))
          .map(({ name }) => name)
          .join(", "),
        item.notes,
      ]),
    ),
    section(
      "Machines",
      ["Name", ...node, "State", "CPUs", "Memory", "Network", "Disks", "Role", "Notes"],
      all((owner) => owner.machines).map(({ node: owner, item }) => [
        item.name,
        ...where(owner.name),
        item.state === "Running" ? painted(pc.green, item.state) : item.state,
        item.processor.count,
        memoryOf(item),
        item.adapters
          .map((adapter) => `${adapter.name}: ${adapter.switchName ?? "-"}${vlanOf(adapter.vlan)}`)
          .join("\n"),
        item.drives
          .filter(({ path }) => path !== null)
          .map(
            ({ controllerType, controllerNumber, controllerLocation, path }) =>
              `${controllerType} ${controllerNumber}:${controllerLocation} ${path}`,
          )
          .join("\n"),
        roles.has(item.id) ? `priority ${roles.get(item.id)?.properties.Priority ?? 2000}` : "",
        item.notes,
      ]),
    ),
    section(
      "Virtual hard disks",
      ["Path", ...node, "Type", "Size", "On disk", "Parent"],
      [
        ...all((owner) => Object.values(owner.files)).map(({ node: owner, item }) => ({ owner: owner.name, item })),
        ...Object.values(world.cluster?.files ?? {}).map((item) => ({ owner: "shared", item })),
      ].flatMap(({ owner, item }) =>
        item.vhd
          ? [
              [
                item.path,
                ...where(owner),
                item.vhd.type,
                sizeText(item.vhd.sizeBytes),
                sizeText(item.sizeBytes),
                item.vhd.parentPath ?? "",
              ],
            ]
          : [],
      ),
    ),
    section(
      "Ordered faults",
      ["Node", "Cmdlet", "Effect", "After", "Times left"],
      world.faults
        .filter(({ times }) => times > 0)
        .map((fault) => [fault.on ?? "any", fault.cmdlet ?? "any", fault.effect.kind, fault.after, fault.times]),
    ),
  ];
  return sections.filter((text) => text !== "").join("\n");
}

/** A table with a title, or nothing when it would be empty. */
export function section(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return "";
  const table = new Table({ head: head.map(cellText), style: { head: [], border: [] } });
  for (const row of rows) table.push(row.map(cellText));
  return `${pc.bold(shown(title))}\n${table.toString()}`;
}

/** Colours are ours only: what a world or a host has in a text is shown, and not obeyed. */
type Cell = string | number | { text: string; paint: (text: string) => string };

function painted(paint: (text: string) => string, text: string): Cell {
  return { text, paint };
}

function cellText(cell: Cell): string {
  if (typeof cell === "object") return cell.paint(cellText(cell.text));
  // a carriage return or a tab would shift the frame
  return shown(String(cell).replaceAll("\r\n", "\n").replaceAll("\t", " "), longestCell);
}

/** As much as Hyper-V keeps as the notes of a machine. */
const longestCell = 2 ** 15;

function stateOf(world: World, name: string): Cell {
  const node = world.nodes.find((candidate) => candidate.name === name);
  if (!node?.up) return painted(pc.red, "Down");
  if (!node.vmmsRunning) return painted(pc.red, "vmms stopped");
  return world.cluster?.nodes.find((candidate) => candidate.name === name)?.paused ? "Paused" : "Up";
}

function memoryOf({ memory }: Machine): string {
  if (!memory.dynamicMemoryEnabled) return sizeText(memory.startupBytes);
  return `${sizeText(memory.minimumBytes)} - ${sizeText(memory.startupBytes)} - ${sizeText(memory.maximumBytes)}`;
}

function vlanOf({ mode, accessVlanId }: Machine["adapters"][number]["vlan"]): string {
  if (mode === "Untagged") return "";
  return mode === "Access" ? ` (VLAN ${accessVlanId})` : ` (${mode})`;
}
