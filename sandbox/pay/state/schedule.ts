interface Job {
  due: number
  run: () => unknown
}

const longest = 2 ** 31 - 1

/**
 * What WeChat Pay does later, by a clock that runs like the process's and can be moved forward by hand. Jobs are
 * not stored: the code that schedules them does so again after a restart.
 */
export class Schedule {
  /** By how much the clock is ahead, in ms. */
  offset = 0
  readonly #base: () => number
  readonly #jobs = new Map<string, Job>()
  readonly #running = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #isOn = false
  #isMoving = false

  constructor(base: () => number) {
    this.#base = base
  }

  /** The moved clock, in ms. */
  now(): number {
    return this.#base() + this.offset
  }

  /** Runs the job when the clock shows `due`; it replaces one of the same id. */
  at(id: string, due: number, run: Job['run']): void {
    this.#jobs.set(id, { due, run })
    this.#arm()
  }

  start(): void {
    this.#isOn = true
    this.#arm()
  }

  /** Forgets all jobs. */
  clear(): void {
    this.#jobs.clear()
    clearTimeout(this.#timer)
  }

  stop(): void {
    this.#isOn = false
    this.clear()
  }

  /** Resolves when this job is done; one that is not due yet is not waited for. */
  async done(id: string): Promise<void> {
    const job = this.#jobs.get(id)
    if (job && job.due <= this.now()) this.#start(id, job)
    await this.#running.get(id)
  }

  /** Moves the clock forward, step by step, so that everything that becomes due on the way happens at its time and is done at the end. */
  async move(ms: number): Promise<void> {
    this.#isMoving = true
    try {
      await this.#runDue()
      const end = this.now() + ms
      for (let next = this.#next(); next && next.due <= end; next = this.#next()) {
        this.offset += Math.max(0, next.due - this.now())
        await this.#runDue()
      }
      this.offset += Math.max(0, end - this.now())
    } finally {
      this.#isMoving = false
      this.#arm()
    }
  }

  /** Starts what is due now, and resolves when everything that runs by then is done. */
  async #runDue(): Promise<void> {
    const now = this.now()
    for (const [id, job] of this.#jobs) if (job.due <= now) this.#start(id, job)
    await Promise.all(this.#running.values())
  }

  #next(): Job | undefined {
    let next: Job | undefined
    for (const job of this.#jobs.values()) if (!next || job.due < next.due) next = job
    return next
  }

  #arm(): void {
    clearTimeout(this.#timer)
    const next = this.#isOn && !this.#isMoving ? this.#next() : undefined
    if (!next) return
    const delay = Math.min(Math.max(0, next.due - this.now()), longest)
    this.#timer = setTimeout(() => {
      // What goes wrong in a job is reported by `quietly`.
      void this.#runDue()
      this.#arm()
    }, delay)
  }

  #start(id: string, { run }: Job): void {
    this.#jobs.delete(id)
    const running = quietly(run)
    this.#running.set(id, running)
    // It never rejects. The job may have been scheduled again while it ran, and then runs once more.
    void running.then(() => {
      if (this.#running.get(id) === running) this.#running.delete(id)
    })
  }
}

async function quietly(run: Job['run']): Promise<void> {
  try {
    await run()
  } catch (error) {
    console.error(error)
  }
}
