import type { ReactNode } from 'react'
import type { Program } from './program.ts'
import './programs.css'

/** Hidden from screen readers, because the name stands beside it. */
export function ProgramIcon({ program }: { program: Program }): ReactNode {
  return (
    <span aria-hidden="true" className="program-icon" style={{ background: program.colour }}>
      {program.letters}
    </span>
  )
}

const px = 128

/** The same as a PNG picture in base64, for a new app; undefined where the browser draws none. */
export function drawIcon({ letters, colour }: Program): string | undefined {
  const canvas = document.createElement('canvas')
  canvas.width = px
  canvas.height = px
  const pen = canvas.getContext('2d')
  if (!pen) return undefined
  pen.fillStyle = colour
  pen.fillRect(0, 0, px, px)
  pen.fillStyle = '#fff'
  pen.textAlign = 'center'
  pen.textBaseline = 'middle'
  pen.font = `600 ${letters.length > 2 ? px * 0.36 : px * 0.46}px system-ui, sans-serif`
  pen.fillText(letters, px / 2, px * 0.53)
  return canvas.toDataURL('image/png').split(',')[1]
}
