// Writes the pages of docs/resources, docs/provider.md, the conditions in docs/errors.md, and the types of sdk/types.generated.ts from the documentation that stands on the schemas' fields and the sdk's classes.
// usage: npm run docs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorsPage } from "./docs/errors-page";
import { programTypes } from "./docs/program-types";
import { providerPage } from "./docs/provider-page";
import { resourcePages } from "./docs/resource-pages";
import { project } from "./docs/sources";

export { errorsPage, programTypes, providerPage, resourcePages };

if (require.main === module) {
  for (const [file, text] of Object.entries(resourcePages())) writeFileSync(join(project, file), text);
  writeFileSync(join(project, "docs/provider.md"), providerPage());
  writeFileSync(join(project, "docs/errors.md"), errorsPage());
  writeFileSync(join(project, "sdk/types.generated.ts"), programTypes());
}
