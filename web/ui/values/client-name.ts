import { useText } from '../text.ts'

const browsers = [
  [/wxwork\/([\d.]+)/i, 'wecom'],
  [/MicroMessenger\/([\d.]+)/i, 'wechat'],
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

/** `Chrome 130 · Windows`, as far as the User-Agent tells; otherwise the start of the User-Agent itself. */
export function useClientName(): (userAgent: string) => string {
  const t = useText('common')
  return userAgent => {
    const browser = browsers.find(([pattern]) => pattern.test(userAgent))
    const system = systems.find(([pattern]) => pattern.test(userAgent))?.[1]
    const parts: string[] = []
    if (browser) {
      const [pattern, name] = browser
      const words = name === 'wecom' || name === 'wechat' ? t(name) : name
      parts.push(`${words} ${pattern.exec(userAgent)?.[1] ?? ''}`)
    }
    if (system) parts.push(system)
    return parts.length > 0 ? parts.join(' · ') : userAgent.slice(0, 40)
  }
}
