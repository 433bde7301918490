import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { fromClixml, fromLine, type Plain, toClixml } from "../../provider/host/session/clixml";

/** As PSSerializer writes it: indented, each type's names once. */
const written = (...elements: string[]) =>
  fromClixml(
    `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\r\n  ${elements.join("\r\n  ")}\r\n</Objs>`,
  );

describe("CLIXML", () => {
  it("comes back as the plain data that went", () => {
    const { plain } = fc.letrec((tie) => ({
      plain: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: "binary" }),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("plain")),
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          tie("plain"),
        ),
      ),
    }));
    fc.assert(
      fc.property(plain, (value) => {
        assert.deepEqual(JSON.stringify(fromClixml(toClixml(value as Plain))), JSON.stringify(value));
      }),
    );
  });

  it("gives enums by name, also where the type was named before", () => {
    const names = `<TN RefId="0"><T>Microsoft.HyperV.PowerShell.OnOffState</T><T>System.Enum</T><T>System.ValueType</T></TN>`;
    assert.deepEqual(
      written(
        `<Obj RefId="0"><LST>`,
        `<Obj RefId="1">${names}<ToString>On</ToString><I32>0</I32></Obj>`,
        `<Obj RefId="2"><TNRef RefId="0" /><ToString>Off</ToString><I32>1</I32></Obj>`,
        `</LST></Obj>`,
      ),
      ["On", "Off"],
    );
  });

  it("gives what was written before where it is only referred to", () => {
    const list = `<Obj RefId="1"><TN RefId="0"><T>System.String[]</T></TN><LST><S>10.0.0.5</S></LST></Obj>`;
    const entry = (name: string, value: string) =>
      `<En><S N="Key">${name}</S>${value.replace(" RefId", ' N="Value" RefId')}</En>`;
    assert.deepEqual(
      written(`<Obj RefId="0"><DCT>`, entry("a", list), entry("b", `<Ref RefId="1" />`), `</DCT></Obj>`),
      { a: ["10.0.0.5"], b: ["10.0.0.5"] },
    );
  });

  it("finds what was written first in what nobody reads", () => {
    const names = '<TN RefId="1"><T>Some.State</T><T>System.Enum</T></TN>';
    const whole =
      '<Obj RefId="1"><TN RefId="0"><T>Some.Class</T></TN><ToString>it</ToString><Props>' +
      '<Obj N="List" RefId="2"><LST /></Obj>' +
      `<Obj N="State" RefId="3">${names}<ToString>On</ToString><I32>1</I32></Obj></Props></Obj>`;
    const after = '<Ref RefId="2" /><Obj RefId="4"><TNRef RefId="1" /><ToString>Off</ToString><I32>0</I32></Obj>';
    assert.deepEqual(written(`<Obj RefId="0"><LST>${whole}${after}</LST></Obj>`), ["it", [], "Off"]);
  });

  it("takes values out of what was added to them, and the text of objects", () => {
    const added = `<MS><S N="PSPath">C:\\</S></MS>`;
    assert.equal(written(`<Obj RefId="0"><I32>5</I32>${added}</Obj>`), 5);
    assert.equal(written(`<Obj RefId="0"><S>x_x000A_y</S>${added}</Obj>`), "x\ny");
    assert.equal(
      written(
        `<Obj RefId="0"><TN RefId="0"><T>Some.Class</T></TN><ToString>it</ToString><Props><I32 N="A">1</I32></Props></Obj>`,
      ),
      "it",
    );
  });

  it("gives dates in UTC, with all digits that there are", () => {
    assert.equal(written("<DT>2024-05-06T09:08:09.1234567+02:00</DT>"), "2024-05-06T07:08:09.1234567Z");
    assert.equal(written("<DT>2024-05-06T07:08:09Z</DT>"), "2024-05-06T07:08:09.0000000Z");
    assert.equal(written("<DT>2024-05-06T07:08:09</DT>"), "2024-05-06T07:08:09");
  });

  it("gives time spans as .NET writes them", () => {
    const spans: Record<string, string> = {
      PT0S: "00:00:00",
      PT1H: "01:00:00",
      P1D: "1.00:00:00",
      P10DT2H3M4S: "10.02:03:04",
      "PT1.5S": "00:00:01.5000000",
      "-PT30M": "-00:30:00",
      soon: "soon",
    };
    for (const [text, span] of Object.entries(spans)) assert.equal(written(`<TS>${text}</TS>`), span);
  });

  it("gives other values as they are, and as text what a double cannot hold", () => {
    assert.equal(written("<I64>9007199254740993</I64>"), "9007199254740993");
    assert.equal(written("<U64>9007199254740991</U64>"), 9007199254740991);
    assert.equal(written("<Db>NaN</Db>"), "NaN");
    assert.equal(written("<Db>1.5E-05</Db>"), 1.5e-5);
    assert.equal(written("<D>12.50</D>"), 12.5);
    assert.equal(written("<C>120</C>"), "x");
    assert.equal(written("<G>8f9c4f5e-0000-4000-8000-000000000001</G>"), "8f9c4f5e-0000-4000-8000-000000000001");
    assert.deepEqual(written("<BA>AQL/</BA>"), [1, 2, 255]);
    assert.equal(written("<Nil />"), null);
    assert.equal(written("<S></S>"), "");
    assert.equal(written("<S>a &amp;lt; b&#xD;</S>"), "a &lt; b\r");
  });

  it("has in a line what PSSerializer cannot write", () => {
    const line = deflateRawSync(toClixml("a 1f-e 1f-f b")).toString("base64");
    assert.equal(fromLine(line, "1f"), "a \ufffe \uffff b");
  });
});
