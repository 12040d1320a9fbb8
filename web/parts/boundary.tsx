import { Component, type ComponentChildren } from 'preact'

interface Props {
  /** Another one is another chance. */
  address: string
  children: ComponentChildren
}

/** Keeps what breaks in a view to itself: header and address go on. */
export class Boundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  static override getDerivedStateFromError() {
    return { broken: true }
  }

  override componentDidUpdate({ address }: Props) {
    if (this.state.broken && address !== this.props.address) this.setState({ broken: false })
  }

  override render() {
    if (!this.state.broken) return this.props.children
    return (
      <section class="notice bad" role="alert">
        <h1>This view broke</h1>
        <p>The app gave an answer that the page could not show. Reload it; if that does not help, the API has the same figures.</p>
      </section>
    )
  }
}
