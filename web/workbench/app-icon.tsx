import { type ReactNode, useState } from 'react'

/** White letters are readable on each of them. */
const colours = ['#2468f2', '#0b7a75', '#a8470a', '#7a3ff2', '#b3246b', '#1d6f42', '#9a4d00', '#3b5bdb']

/** The app's icon; without one the first letter of its name, in a colour that stays the app's own. */
export function AppIcon(props: { app: { id: string; name: string; icon: string }; size: number }): ReactNode {
  const { app, size } = props
  const [isBroken, setBroken] = useState(false)
  const style = { width: size, height: size, borderRadius: Math.round(size * 0.26) }
  if (app.icon && !isBroken)
    return <img className="wb-icon" src={app.icon} alt="" style={style} onError={() => setBroken(true)} />
  const letter = Array.from(app.name.trim())[0]?.toUpperCase() ?? '?'
  return (
    <span
      className="wb-icon wb-letter"
      style={{ ...style, background: colourOf(app.id), fontSize: Math.round(size * 0.44) }}
      aria-hidden="true"
    >
      {letter}
    </span>
  )
}

function colourOf(id: string): string {
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return colours[hash % colours.length] ?? '#2468f2'
}
