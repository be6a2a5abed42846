import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What scripts need to use the demo (spec §10), and what the next start needs. */
export type Demo = {
  platformUrl: string
  sandboxUrl: string
  corpId: string
  devId: string
  devSecret: string
  admin: { user: string; password: string }
  contactSecret: string
  contactCallback: { token: string; encodingAesKey: string }
  appId: string
  agentId: number
  /** Where the sample application was when its apps were entered; a demo of an earlier version has none. */
  sampleUrl?: string
}

const nameOf = (dataDir: string) => join(dataDir, 'demo.json')

export function readDemo(dataDir: string): Demo | undefined {
  const path = nameOf(dataDir)
  if (!existsSync(path)) return undefined
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Demo
  } catch {
    throw new Error(`${path} 已损坏：删除它再启动，会重新生成示例开发者和管理员密码。`)
  }
}

/** Whole or not at all: a process killed while it writes leaves the old one. */
export function writeDemo(dataDir: string, demo: Demo): void {
  const path = nameOf(dataDir)
  writeFileSync(`${path}.new`, `${JSON.stringify(demo, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
