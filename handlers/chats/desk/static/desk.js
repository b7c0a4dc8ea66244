// Makes the desk live. Without it every form and link works by itself, with a page load.
import * as drafts from "./drafts.js";
import * as forms from "./forms.js";
import * as keys from "./keys.js";
import * as news from "./news.js";
import * as notes from "./notes.js";
import { list, words } from "./page.js";
import * as parts from "./parts.js";
import * as people from "./people.js";
import * as times from "./times.js";

for (const part of [notes, drafts, forms, parts, times, keys]) part.begin();
const restore = () => { if (drafts.restore()) notes.sayText(words.restored, "info"); };
parts.whenArrived(restore);
parts.settle();
restore();
notes.moveOn();
people.begin();
news.begin();
// After the first frame: see queue.css.
requestAnimationFrame(() => setTimeout(() => { list.dataset.shown = ""; }));
