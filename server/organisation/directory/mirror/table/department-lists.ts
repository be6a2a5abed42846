/** The first `sorted` of them are in order; the others have come since. */
type List = { ordinals: number[]; sorted: number }

const newList = (): List => ({ ordinals: [], sorted: 0 })

export type DepartmentPlace = { order: number; key: string }

/** So many newcomers are put in their places one by one; for more, everything is sorted. */
const singlyAtMost = 32

const compare = (a: DepartmentPlace, b: DepartmentPlace) => b.order - a.order || (a.key < b.key ? -1 : 1)

/** Ordinals of listed members by department; a list is sorted when it is next asked for. */
export class DepartmentLists {
  #lists = new Map<number, List>()
  #placeOf: (ordinal: number, departmentId: number) => DepartmentPlace

  constructor(placeOf: (ordinal: number, departmentId: number) => DepartmentPlace) {
    this.#placeOf = placeOf
  }

  add(ordinal: number, departments: readonly number[]): void {
    for (const id of departments) this.#lists.getOrInsertComputed(id, newList).ordinals.push(ordinal)
  }

  remove(ordinal: number, departments: readonly number[]): void {
    for (const id of departments) {
      const list = this.#lists.get(id)
      const at = list?.ordinals.indexOf(ordinal) ?? -1
      if (!list || at < 0) continue
      list.ordinals.splice(at, 1)
      if (at < list.sorted) list.sorted--
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
    const { ordinals } = list
    if (ordinals.length - list.sorted > singlyAtMost) list.ordinals = this.#inOrder(ordinals, id)
    else for (const ordinal of ordinals.splice(list.sorted)) this.#insert(ordinals, ordinal, id)
    list.sorted = list.ordinals.length
    return list.ordinals
  }

  #inOrder(ordinals: readonly number[], id: number): number[] {
    const places = ordinals.map(ordinal => ({ ordinal, ...this.#placeOf(ordinal, id) }))
    return places.sort(compare).map(place => place.ordinal)
  }

  /** One that changed in a department of 100,000 would otherwise have all of their texts read. */
  #insert(ordinals: number[], ordinal: number, id: number): void {
    const place = this.#placeOf(ordinal, id)
    let [low, high] = [0, ordinals.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(place, this.#placeOf(ordinals[middle]!, id)) < 0) high = middle
      else low = middle + 1
    }
    ordinals.splice(low, 0, ordinal)
  }
}
