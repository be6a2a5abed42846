/** The lists of departments that members are in: each once, however many members have it. */
export class DepartmentSets {
  #sets: (readonly number[])[] = []
  #holders: number[] = []
  #free: number[] = []
  /** By the only department, which most members have. */
  #single = new Map<number, number>()
  #several = new Map<string, number>()

  get(index: number): readonly number[] {
    return this.#sets[index]!
  }

  hold(departments: readonly number[]): number {
    const known = this.#indexOf(departments)
    if (known !== undefined) {
      this.#holders[known]!++
      return known
    }
    const index = this.#free.pop() ?? this.#sets.length
    this.#sets[index] = [...departments]
    this.#holders[index] = 1
    if (departments.length === 1) this.#single.set(departments[0]!, index)
    else this.#several.set(departments.join(), index)
    return index
  }

  release(index: number): void {
    if (--this.#holders[index]! > 0) return
    const departments = this.#sets[index]!
    if (departments.length === 1) this.#single.delete(departments[0]!)
    else this.#several.delete(departments.join())
    this.#sets[index] = []
    this.#free.push(index)
  }

  get count(): number {
    return this.#sets.length
  }

  #indexOf(departments: readonly number[]): number | undefined {
    return departments.length === 1
      ? this.#single.get(departments[0]!)
      : this.#several.get(departments.join())
  }
}
