/** A command as a POSIX shell takes it: words with anything but plain characters stand in single quotes. */
export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

/** Control characters can't be typed into a line that a person pastes; they are left out. */
function shellWord(word: string): string {
  if (/^[\w./:@%+,=-]+$/.test(word)) return word;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
  return `'${word.replace(/[\u0000-\u001f\u007f-\u009f]/g, "").replaceAll("'", "'\\''")}'`;
}
