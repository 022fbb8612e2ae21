// The view that the page loads with the editor and the shared document.

export { Surface } from "./note/surface.tsx";
