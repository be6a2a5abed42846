const browsers = [
  [/wxwork\/([\d.]+)/i, '企业微信 WeCom'],
  [/MicroMessenger\/([\d.]+)/i, '微信 WeChat'],
  [/Edg\/(\d+)/, 'Edge'],
  [/Firefox\/(\d+)/, 'Firefox'],
  [/Chrome\/(\d+)/, 'Chrome'],
  [/Version\/(\d+).*Safari/, 'Safari'],
] as const

const systems = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const

/** `Chrome 130 · Windows`, as far as the User-Agent tells, and otherwise its start; '' without one. */
export function browserName(userAgent: string): string {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))
  const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
  const version = browser?.[0].exec(userAgent)?.[1] ?? ''
  const parts = [browser && `${browser[1]} ${version}`, system].filter(Boolean)
  return parts.length > 0 ? parts.join(' · ') : userAgent.slice(0, 40)
}
