import type { FastifyInstance } from 'fastify'
import { controlBody, onlyKeys, whole } from '../http/control-input.ts'
import { type Robots, robotsOf } from './robots.ts'

/** What scripts see and change of group robots. */
export function routeRobotControl(control: FastifyInstance, world: { robots: Robots; url: string }): void {
  control.get('/_sandbox/robots', async () => {
    const { posts, refused } = world.robots
    return { robots: robotsOf(world), posts, refused }
  })
  control.post('/_sandbox/robots', async request => {
    const input = controlBody(request.body)
    onlyKeys(input, 'add')
    world.robots.add(whole(1, 100)(input['add'], 'add'))
    return { robots: robotsOf(world) }
  })
}
