type List = { ordinals: number[]; isSorted: boolean }

const newList = (): List => ({ ordinals: [], isSorted: true })

export type Placed = { order: number; key: string }

/** Ordinals of listed members by department; a list is sorted when it is next asked for. */
export class DepartmentLists {
  #lists = new Map<number, List>()
  #placeOf: (ordinal: number, departmentId: number) => Placed

  constructor(placeOf: (ordinal: number, departmentId: number) => Placed) {
    this.#placeOf = placeOf
  }

  add(ordinal: number, departments: readonly number[]): void {
    for (const id of departments) {
      const list = this.#lists.getOrInsertComputed(id, newList)
      list.ordinals.push(ordinal)
      list.isSorted = list.ordinals.length === 1
    }
  }

  remove(ordinal: number, departments: readonly number[]): void {
    for (const id of departments) {
      const list = this.#lists.get(id)
      const at = list?.ordinals.indexOf(ordinal) ?? -1
      if (!list || at < 0) continue
      list.ordinals.splice(at, 1)
      if (list.ordinals.length === 0) this.#lists.delete(id)
    }
  }

  /** In no order. */
  ordinals(id: number): readonly number[] {
    return this.#lists.get(id)?.ordinals ?? []
  }

  /** By `order` descending, then by userid. */
  sorted(id: number): readonly number[] {
    const list = this.#lists.get(id)
    if (!list) return []
    if (!list.isSorted) {
      const places = list.ordinals.map(ordinal => ({ ordinal, ...this.#placeOf(ordinal, id) }))
      places.sort((a, b) => b.order - a.order || (a.key < b.key ? -1 : 1))
      list.ordinals = places.map(place => place.ordinal)
      list.isSorted = true
    }
    return list.ordinals
  }
}
