import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import Hjson from 'hjson'

/** A file of Apereo's registry; `service` is undefined for one that cannot be read, and `fault` says why. */
export type RegistryFile = {
  path: string
  id: string
  service: Record<string, unknown> | undefined
  fault: string
}

const bytesAtMost = 1_000_000

/** All files of a directory and of those below it that are named as Apereo names them, in the order in which Apereo asks them. */
export async function readRegistry(directory: string): Promise<RegistryFile[]> {
  const names = await readdir(directory, { recursive: true })
  const paths = names.filter(name => /-\d{1,20}\.json$/.test(name)).sort()
  const files = await Promise.all(paths.map(path => readOne(directory, path)))
  const byId = Map.groupBy(files, file => file.id)
  const checked = files.map(file => {
    const others = byId.get(file.id)?.filter(one => one !== file) ?? []
    if (others.length === 0) return file
    const fault = `与 ${others.map(one => one.path).join('、')} 的编号相同，Apereo 两个都不用`
    return { ...file, service: undefined, fault }
  })
  const order = ({ service }: RegistryFile) => Number(service?.['evaluationOrder'] ?? 0)
  return checked.sort((one, other) => order(one) - order(other) || one.path.localeCompare(other.path, 'en'))
}

async function readOne(directory: string, path: string): Promise<RegistryFile> {
  const id = /-(\d+)\.json$/.exec(basename(path))?.[1] ?? ''
  const without = (fault: string) => ({ path, id, service: undefined, fault })
  const full = join(directory, path)
  if ((await stat(full)).size > bytesAtMost) return without('文件太大')
  const text = await readFile(full, 'utf8')
  try {
    const value = readHjson(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return without('不是一个对象')
    return { path, id, service: value as Record<string, unknown>, fault: '' }
  } catch (error) {
    if (error instanceof RangeError) return without('嵌套太深')
    return without(`不是 JSON 或 HJSON：${(error as Error).message}`)
  }
}

/** Reads what Apereo writes: HJSON, with the braces of its outermost object. Throws an Error, also for a text that is nested too deep. */
export function readHjson(text: string): unknown {
  return plain(Hjson.parse(text.replace(/^\ufeff/, ''), { legacyRoot: false }))
}

/** Java's lists are written as the name of their class and the list. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [name, list] = value as unknown[]
    const isJava =
      value.length === 2 && typeof name === 'string' && name.startsWith('java.') && Array.isArray(list)
    return (isJava ? (list as unknown[]) : value).map(plain)
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
}
