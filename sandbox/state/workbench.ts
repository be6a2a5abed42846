/** A number on the workbench and where it leads. */
export interface KeyData {
  key: string
  data: string
  jump_url: string
  pagepath: string
}

export type Template = { type: 'normal' } | { type: 'keydata'; items: KeyData[] }

const dataPerMinute = 10
const minuteMs = 60_000

/** What applications show on WeCom's own workbench (docs/upstream/wecom-office.md#workbench). It does not outlive the process. */
export class Workbench {
  readonly #templates = new Map<number, Template>()
  readonly #data = new Map<string, KeyData[]>()
  readonly #calls = new Map<string, number[]>()

  templateOf(agentId: number): Template {
    return this.#templates.get(agentId) ?? { type: 'normal' }
  }

  setTemplate(agentId: number, template: Template, replacesData: boolean): void {
    this.#templates.set(agentId, template)
    if (replacesData || template.type === 'normal')
      for (const key of this.#data.keys()) if (key.startsWith(`${agentId} `)) this.#data.delete(key)
  }

  /** Returns false when somebody's data was set too often. */
  setData(agentId: number, userid: string, items: KeyData[], now: number): boolean {
    const key = `${agentId} ${userid}`
    const recent = (this.#calls.get(key) ?? []).filter(at => at > now - minuteMs)
    if (recent.length >= dataPerMinute) return false
    this.#calls.set(key, [...recent, now])
    this.#data.set(key, items)
    return true
  }

  /** What somebody sees: of each application with numbers their own, or else those of the template. */
  shownTo(userid: string): { agentId: number; items: KeyData[] }[] {
    return [...this.#templates].flatMap(([agentId, template]) =>
      template.type === 'normal'
        ? []
        : [{ agentId, items: this.#data.get(`${agentId} ${userid}`) ?? template.items }],
    )
  }

  clear(): void {
    this.#templates.clear()
    this.#data.clear()
    this.#calls.clear()
  }
}
