import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

export const vendors = ['weaver', 'seeyon', 'landray'] as const
export type Vendor = (typeof vendors)[number]

/** What somebody has to do in the OA. */
export interface Task {
  id: string
  title: string
  /** Its person, by what the receiver of to-dos finds them. */
  receiver: string
  kind: 'todo' | 'read'
  state: 'open' | 'done' | 'withdrawn'
  /** As which vendor the OA speaks of it. */
  vendor: Vendor
  createdAt: number
  changedAt: number
  /** What the receiver answered last; '' before it has been asked. */
  answer: string
}

/** The tasks, the newest first; in a file where one is given, so that they are the same after another start. */
export class Tasks {
  readonly #path: string | undefined
  #tasks: Task[]

  constructor(path?: string) {
    this.#path = path
    this.#tasks = path && existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Task[]) : []
  }

  all(): readonly Task[] {
    return this.#tasks
  }

  find(id: string): Task | undefined {
    return this.#tasks.find(one => one.id === id)
  }

  add(task: Task): void {
    this.#tasks = [task, ...this.#tasks].slice(0, 200)
    this.#save()
  }

  set(id: string, change: Partial<Task>): void {
    this.#tasks = this.#tasks.map(one => (one.id === id ? { ...one, ...change } : one))
    this.#save()
  }

  #save(): void {
    if (!this.#path) return
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#tasks, undefined, 2))
    renameSync(`${this.#path}.new`, this.#path)
  }
}
