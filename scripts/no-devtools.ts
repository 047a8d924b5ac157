/** Stands for react-devtools-core in the bundle, which Ink only asks for in a developer's environment. */
export default {
  initialize(): void {},
  connectToDevTools(): void {},
};
