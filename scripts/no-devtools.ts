/** Stands for react-devtools-core in the bundle. */
export const initialize = (): void => {};
export const connectToDevTools = (): void => {};
