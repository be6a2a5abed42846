import type { ReactNode } from 'react'

const paths = {
  back: 'M15 5l-7 7 7 7',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4',
  bill: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M9 6l6 6-6 6',
  close: 'M6 6l12 12M18 6L6 18',
  department: 'M4 20V8l8-4 8 4v12M9 20v-5h6v5M8.5 10.5h.01M15.5 10.5h.01M12 10.5h.01',
  earlier: 'M14 7l-5 5 5 5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  eyeOff:
    'M4 4l16 16M9 6a9 9 0 0 1 3-.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-3 3.6M6 7.7A15 15 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4-.9',
  grid: 'M5 5h5v5H5zM14 5h5v5h-5zM5 14h5v5H5zM14 14h5v5h-5z',
  key: 'M15.5 4a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12 12l-8 8M7 17l2.5 2.5',
  later: 'M10 7l5 5-5 5',
  mail: 'M4 6h16v12H4zM4 7l8 6 8-6',
  megaphone: 'M4 10v4h3l9 4V6l-9 4zM8 14.5l1 5h2.5l-1-4M19 10v4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  message: 'M4 5h16v11H9l-5 4z',
  open: 'M14 5h5v5M19 5l-8 8M11 6H5v13h13v-6',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0',
  phone: 'M8 3h8v18H8zM11 18h2',
  reload: 'M19 12a7 7 0 1 1-2-5M19 4v4h-4',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4 4',
  star: 'M12 4l2.5 5.2 5.5.8-4 4 1 5.7-5-2.8-5 2.8 1-5.7-4-4 5.5-.8z',
  todo: 'M9 4h6v3H9zM9 5.5H6V20h12V5.5h-3M9 13l2.2 2.2L15.5 11',
  warning: 'M12 4l9 16H3zM12 10v5M12 17.5h.01',
} as const

export type IconName = keyof typeof paths

/** An icon, hidden from screen readers, because its meaning is in the text beside it or in the label of its button. */
export function Icon(props: { name: IconName; size?: number; filled?: boolean }): ReactNode {
  const size = props.size ?? 20
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={props.filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={1.8}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[props.name]} />
    </svg>
  )
}
