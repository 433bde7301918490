// Writes docs/resources.md, docs/provider.md, the conditions in docs/errors.md, and the types of sdk/types.generated.ts from the documentation that stands on the schemas' fields and the sdk's classes.
// usage: npm run docs
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorsPage } from "./docs/errors-page";
import { programTypes } from "./docs/program-types";
import { providerPage } from "./docs/provider-page";
import { resourcesPage } from "./docs/resources-page";
import { project } from "./docs/sources";

export { errorsPage, programTypes, providerPage, resourcesPage };

if (require.main === module) {
  writeFileSync(join(project, "docs/resources.md"), resourcesPage());
  writeFileSync(join(project, "docs/provider.md"), providerPage());
  writeFileSync(join(project, "docs/errors.md"), errorsPage());
  writeFileSync(join(project, "sdk/types.generated.ts"), programTypes());
}
