import { createTheme, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#eaf4f3',
  '#d3e6e5',
  '#a9cdcc',
  '#7cb3b2',
  '#559c9b',
  '#38898a',
  '#1f7476',
  '#0b5a60',
  '#084a4f',
  '#06393d',
];

export const theme = createTheme({
  fontFamily: '"Source Sans 3 Variable", system-ui, sans-serif',
  primaryColor: 'teal',
  primaryShade: 7,
  colors: { teal },
  defaultRadius: 'md',
  respectReducedMotion: true,
});
