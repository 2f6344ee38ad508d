"""JAX and optax, the extra "learn": imported only when something is learned."""

from __future__ import annotations

from typing import Any


def require_jax() -> tuple[Any, Any]:
    """jax and optax. Raises ValueError, saying how to get them, where they are not installed."""
    try:
        import jax
        import optax
    except ImportError:
        raise ValueError('learning needs JAX and optax, which are not installed: pip install "bioKV[learn]"') from None
    return jax, optax
