/** 13800138000 → 138****8000; other than mainland numbers show only their last two digits. */
export function maskMobile(mobile: string): string {
  if (/^1\d{10}$/.test(mobile)) return `${mobile.slice(0, 3)}****${mobile.slice(7)}`
  return mobile && `****${mobile.slice(-2)}`
}
