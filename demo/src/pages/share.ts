import { droppedFiles, readShareLink, receive, share } from "@rivulet/sdk/share";
import { pageElement } from "../page-element.ts";
import { startSharePage } from "../share/share-page.ts";

startSharePage(pageElement<HTMLElement>("#share"), { droppedFiles, readShareLink, receive, share });
