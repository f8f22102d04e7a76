/** Files over the page, and the wish to choose one. */
export interface FileListeners {
  readonly onHover: (hovers: boolean) => void;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Hears of files that are dragged over the window; what it gives takes the listeners away. */
export function listenForFiles(target: Window, { onHover, onFiles }: FileListeners): () => void {
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const over = (event: DragEvent) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer!.dropEffect = "copy";
    onHover(true);
  };
  const leave = (event: DragEvent) => {
    // Leaving one element for another says so too; leaving the window has nothing that it goes to.
    if (event.relatedTarget === null) onHover(false);
  };
  const drop = (event: DragEvent) => {
    onHover(false);
    if (!hasFiles(event)) return;
    event.preventDefault();
    const files = [...event.dataTransfer!.files];
    if (files.length > 0) onFiles(files);
  };
  target.addEventListener("dragover", over);
  target.addEventListener("dragleave", leave);
  target.addEventListener("drop", drop);
  return () => {
    target.removeEventListener("dragover", over);
    target.removeEventListener("dragleave", leave);
    target.removeEventListener("drop", drop);
  };
}

const choosers = new Set<() => void>();

/** Whoever shows the dialog for files; what it gives takes it away. */
export function onChooseFile(choose: () => void): () => void {
  choosers.add(choose);
  return () => choosers.delete(choose);
}

/** Opens the dialog for files. */
export function chooseFile(): void {
  for (const choose of choosers) choose();
}
