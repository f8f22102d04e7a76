/** Colours and type of the page; distances and the colours of charts are in page.css. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** Greys with a little blue, as the background of the pictures has it. */
const dark: MantineColorsTuple = [
  "#d6dae1",
  "#b4bac5",
  "#98a0ad",
  "#727b8a",
  "#4a525f",
  "#363d48",
  "#282e37",
  "#1c2027",
  "#15181d",
  "#0f1115",
];
const gray: MantineColorsTuple = [
  "#f7f8fa",
  "#eef0f4",
  "#e2e6ec",
  "#d3d8e0",
  "#b9c0cb",
  "#929baa",
  "#6b7484",
  "#4d5664",
  "#363e4a",
  "#212730",
];
const brand: MantineColorsTuple = [
  "#e7f5f4",
  "#cfeae8",
  "#a3d6d2",
  "#70bfba",
  "#43a7a1",
  "#26928c",
  "#0f7f79",
  "#08706a",
  "#04615c",
  "#03524e",
];

export const theme = createTheme({
  colors: { dark, gray, brand },
  primaryColor: "brand",
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: "sm",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  respectReducedMotion: true,
  cursorType: "pointer",
  focusRing: "auto",
});
