type Size = { width: number; height: number }

/** The largest size within `box` that keeps the logo's shape, so that its place is known before it is loaded. */
export function fitLogo(logo: Size, box: Size): Size {
  const scale = Math.min(box.width / logo.width, box.height / logo.height)
  const sized = (side: number) => Math.max(1, Math.round(side * scale))
  return { width: sized(logo.width), height: sized(logo.height) }
}
