import { LRUCache } from 'lru-cache'

/**
 * Keeps at most so many entries and forgets those that were used longest ago. Memory grows with what is kept: with the option `max`
 * LRUCache takes it for all entries when it is created, and a node creates two dozen caches, most of which stay nearly empty.
 */
export const lru = <V extends {}>(atMost: number) =>
  new LRUCache<string, V>({ maxSize: atMost, sizeCalculation: () => 1 })
