import type { OpenSystem } from '../system/open-system.ts'

/** One sentence of a story, and what must happen for it to be true. */
export interface Step<Scene> {
  says: string
  happens(scene: Scene): Promise<void>
}

/** A story is told step by step to one system; what later steps need, earlier ones write into the scene. */
export interface Story<Scene> {
  open(system: OpenSystem): Scene
  steps: readonly Step<Scene>[]
}
