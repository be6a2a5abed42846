import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Answer, api } from '../../ui/data/api.ts'

export type TodosAnswer = Answer<'/web/todos'>
export type Todo = TodosAnswer['list'][number]
export type TodoView = 'todo' | 'read' | 'ended'
export type TodoFilter = { view: TodoView; words: string; appId: string; order: 'newest' | 'due' }

const pageSize = 30
const tilesKey = ['/web/todos/tiles']
const againMs = 60_000

export function useTodos(filter: TodoFilter) {
  return useInfiniteQuery({
    queryKey: ['/web/todos', filter],
    queryFn: ({ pageParam, signal }) =>
      api.get('/web/todos', { ...filter, pageNo: pageParam, pageSize }, signal),
    initialPageParam: 1,
    getNextPageParam: (page, pages) => (pages.length * pageSize < page.total ? pages.length + 1 : undefined),
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
}

/** The numbers on the tiles, and how many to-dos are open. They change at another system's call, so they are asked for again. */
export function useTileNumbers() {
  return useQuery({
    queryKey: tilesKey,
    queryFn: ({ signal }) => api.get('/web/todos/tiles', {}, signal),
    refetchInterval: againMs,
    refetchOnWindowFocus: true,
  })
}

/** Asks again for all that counts to-dos; resolves when what is shown of it is new. */
export function useTodosChanged(): () => Promise<unknown> {
  const client = useQueryClient()
  return () =>
    Promise.all(
      ['/web/todos', '/web/todos/tiles', '/web/portal/waiting'].map(path =>
        client.invalidateQueries({ queryKey: [path] }),
      ),
    )
}
