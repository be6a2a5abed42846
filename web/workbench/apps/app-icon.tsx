import { type ReactNode, useState } from 'react'
import { letterOf } from '../../ui/values/app-letter.ts'

/** The app's icon, or its first letter. */
export function AppIcon(props: { app: { id: string; name: string; icon: string }; size: number }): ReactNode {
  const { app, size } = props
  const [isBroken, setBroken] = useState(false)
  const style = { width: size, height: size, borderRadius: Math.round(size * 0.26) }
  if (app.icon && !isBroken)
    return <img className="wb-icon" src={app.icon} alt="" style={style} onError={() => setBroken(true)} />
  const { letter, colour } = letterOf(app)
  return (
    <span
      className="wb-icon wb-letter"
      style={{ ...style, background: colour, fontSize: Math.round(size * 0.44) }}
      aria-hidden="true"
    >
      {letter}
    </span>
  )
}
