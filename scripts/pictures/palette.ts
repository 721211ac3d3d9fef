/** Colours that stay apart for every kind of colour vision, and in print. The pictures bring their own light ground. */
export const COLOUR = {
  ground: '#fdfcf9',
  border: '#d9d6cd',
  ink: '#1f2933',
  muted: '#58636d',
  grid: '#e7e4dc',
  axis: '#8b949c',
  grey: '#a3abb2',
  teal: '#0f766e',
  lightTeal: '#2a9d8f',
  amber: '#e9a23b',
  vermilion: '#d1495b',
} as const;
