import { Slider } from 'antd'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useText } from './text.ts'

type Part = { x: number; y: number; zoom: number }

const middle: Part = { x: 0.5, y: 0.5, zoom: 1 }
const shownPx = 160
const madePx = 512
const bytesAtMost = 1024 * 1024

/**
 * Cuts a square out of a picture: drag it, or use the arrow keys and the slider. `onCut` gets the part as a picture of
 * 512 × 512, below 1 MB, after each change.
 */
export function CropPicture(props: { picture: ImageBitmap; onCut(cut: Blob): void }): ReactNode {
  const t = useText('common')
  const { picture, onCut } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const [part, setPart] = useState(middle)
  const from = useRef<{ x: number; y: number; part: Part }>(undefined)
  useEffect(() => {
    if (canvas.current) draw(canvas.current, picture, part)
  }, [picture, part])
  const latest = useRef(onCut)
  latest.current = onCut
  useEffect(() => {
    // While it is dragged nothing is written as a file.
    const timer = setTimeout(() => {
      // Without a picture the form stays as it was, and says that the icon is missing.
      if (canvas.current)
        cutOf(canvas.current).then(
          cut => latest.current(cut),
          () => undefined,
        )
    }, 100)
    return () => clearTimeout(timer)
  }, [picture, part])
  const move = (dx: number, dy: number, before: Part) => {
    const side = Math.min(picture.width, picture.height) / before.zoom
    const scale = side / shownPx
    setPart(
      within(picture, {
        ...before,
        x: before.x - (dx * scale) / picture.width,
        y: before.y - (dy * scale) / picture.height,
      }),
    )
  }
  const drag = (event: PointerEvent) => {
    const start = from.current
    if (start) move(event.clientX - start.x, event.clientY - start.y, start.part)
  }
  const key = (event: KeyboardEvent) => {
    const step = { ArrowLeft: [8, 0], ArrowRight: [-8, 0], ArrowUp: [0, 8], ArrowDown: [0, -8] }[event.key]
    if (!step) return
    event.preventDefault()
    move(step[0] ?? 0, step[1] ?? 0, part)
  }
  return (
    <div style={{ width: shownPx }}>
      <canvas
        ref={canvas}
        width={madePx}
        height={madePx}
        role="img"
        aria-label={t('cropPart')}
        tabIndex={0}
        style={{ width: shownPx, height: shownPx, borderRadius: 8, cursor: 'move', touchAction: 'none' }}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId)
          from.current = { x: event.clientX, y: event.clientY, part }
        }}
        onPointerMove={drag}
        onPointerUp={() => {
          from.current = undefined
        }}
        onKeyDown={key}
      />
      <Slider
        min={1}
        max={4}
        step={0.05}
        value={part.zoom}
        tooltip={{ open: false }}
        ariaLabelForHandle={t('cropZoom')}
        onChange={zoom => setPart(within(picture, { ...part, zoom }))}
      />
    </div>
  )
}

/** Keeps the square inside of the picture. */
function within(picture: ImageBitmap, { x, y, zoom }: Part): Part {
  const side = Math.min(picture.width, picture.height) / zoom
  const keep = (at: number, size: number) => Math.min(1 - side / size / 2, Math.max(side / size / 2, at))
  return { x: keep(x, picture.width), y: keep(y, picture.height), zoom }
}

function draw(canvas: HTMLCanvasElement, picture: ImageBitmap, { x, y, zoom }: Part): void {
  const side = Math.min(picture.width, picture.height) / zoom
  const [left, top] = [x * picture.width - side / 2, y * picture.height - side / 2]
  const context = canvas.getContext('2d')
  context?.clearRect(0, 0, madePx, madePx)
  context?.drawImage(picture, left, top, side, side, 0, 0, madePx, madePx)
}

/** PNG keeps what is transparent; a photograph that is too large as PNG becomes JPEG. */
async function cutOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const png = await blobOf(canvas, 'image/png')
  return png.size <= bytesAtMost ? png : blobOf(canvas, 'image/jpeg')
}

function blobOf(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      blob => (blob ? resolve(blob) : reject(new Error('the canvas gives no picture'))),
      type,
      0.9,
    ),
  )
}
